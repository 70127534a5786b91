import { maskBody, maskHeaders } from '../../domain/masking';
import type { AnswerHeaders } from '../../domain/outcome';
import type { SendResult } from '../contract';
import { KEPT_LIMIT, keptText } from './answer-body';
import type { Answer } from './exchange';

/** What the log keeps of an answer: bounded, readable, and without credentials, `secrets` among them. */
export function keptAnswer(
  answer: Answer,
  secrets: readonly string[],
): NonNullable<SendResult['response']> {
  const headers = keptHeaders(answer.headers);
  const body = answer.body.text();
  return {
    headers: maskHeaders(headers.kept, secrets),
    // Masked after the first cut, so that a credential's beginning at the end of the text is seen as one; cut
    // once more, since a mask may be longer than what it hides.
    body: body.text === '' ? '' : keptText(Buffer.from(maskBody(body.text, secrets))),
    truncated: headers.truncated || body.truncated,
  };
}

/** Header fields up to the size that is kept of a body; a repeated field's values joined (RFC 9110 §5.3). */
function keptHeaders(headers: AnswerHeaders): { kept: Record<string, string>; truncated: boolean } {
  const kept: Record<string, string> = {};
  let size = 0;
  for (const name of Object.keys(headers)) {
    const values = headers[name];
    if (values === undefined) continue;
    const value = typeof values === 'string' ? values : values.join(', ');
    size += name.length + value.length;
    if (size > KEPT_LIMIT) return { kept, truncated: true };
    kept[name] = value;
  }
  return { kept, truncated: false };
}
