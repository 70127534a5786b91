import type { BusinessRule } from '../../server/src/domain/definition';
import { shown } from './payload-values';
import { valueRule } from './value-rule';

/** Browsers and caches give up far below; nothing that is delivered has longer ones. */
const MAX_LENGTH = 8_192;

/**
 * Addresses are absolute, `https://…` (or `http://…`), and hold no user name or password: a receiver has nothing to resolve
 * `/uploads/still.jpg` against, and an event is no place for credentials. `address_not_absolute`.
 *
 * @param paths where they are: `renditions[].url`, `preview_url`.
 */
export function absoluteAddresses(...paths: string[]): BusinessRule {
  return valueRule({
    code: 'address_not_absolute',
    summary: `Addresses are absolute, https or http, without credentials (${paths.join(', ')}).`,
    paths,
    problem: (value) =>
      typeof value === 'string' && isAbsolute(value)
        ? null
        : `${withoutCredentials(value)} is not an absolute address without credentials, such as "https://cdn.example/1.mp4"`,
  });
}

function isAbsolute(text: string): boolean {
  if (text.length > MAX_LENGTH || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

/** What is refused for its password is not to be told to everybody. */
function withoutCredentials(value: unknown): string {
  return shown(typeof value === 'string' ? value.replace(/\/\/[^/]*@/, '//…@') : value);
}
