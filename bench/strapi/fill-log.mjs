import { randomBytes } from 'node:crypto';

/** Bytes of an event as it is read. */
const EVENT_BYTES = 1_024;

/** What is put in front of the stored text. */
const HEAD_BYTES = '{"sequence_number":1000000,"produced_at":"2026-01-01T00:00:00.000Z",'.length;

/** Rows of one statement. */
const CHUNK = 50_000;

const UUID = '00000000-0000-7000-8000-';

/**
 * Fills the log with events that were numbered and released long ago, about as many documents; two of the types that
 * plugins.cjs defines, of which one is rare. Statements of the database's own: a million take minutes otherwise.
 */
export async function fillLog(db, { rows, rareEvery }) {
  const sqlite = db.client.config.client.includes('sqlite');
  const [head, tail] = textParts();
  const padded = sqlite ? "printf('%012d', n)" : "lpad(n::text, 12, '0')";
  const series = sqlite
    ? 'with recursive series(n) as (select ? union all select n + 1 from series where n < ?)'
    : 'with series(n) as (select generate_series(?::bigint, ?::bigint))';
  const at = Date.now() - 3_600_000;
  for (let first = 1; first <= rows; first += CHUNK) {
    const last = Math.min(rows, first + CHUNK - 1);
    await db.raw(
      `insert into newswire_events (event_id, event_type, schema_version, status, sequence_number, release_number,
         subject_type, subject_id, actor_type, occurred_at, produced_at, released_at, changed, body)
       ${series}
       select '${UUID}' || ${padded}, case when n % ${rareEvery} = 0 then 'slate.published' else 'slate.saved' end,
         '1.0.0', 'sequenced', n, n, 'api::slate.slate', 's' || ${padded}, 'system', ${at}, ${at}, ${at}, '["title"]',
         '${head}' || ${padded} || '${tail}'
       from series`,
      [first, last],
    );
  }
  await db('newswire_state').where({ name: 'sequence' }).update({ value: rows, released: rows });
  if (!sqlite) await db.raw('vacuum analyze newswire_events');
}

/** The text of an event before and after its subject's number. */
function textParts() {
  const event = (title) =>
    JSON.stringify({
      event_id: `${UUID}000000000000`,
      event_type: 'slate.saved',
      schema_version: '1.0.0',
      producer_id: 'bench',
      occurred_at: new Date().toISOString(),
      actor: { type: 'system', user_id: null, display_name: null, role: null },
      subject: { type: 'api::slate.slate', id: 's@', locale: null, change_token: 'token' },
      changed: ['title'],
      payload: { title, description: null },
    }).slice(1);
  const padding = Math.max(0, EVENT_BYTES - HEAD_BYTES - event('').length);
  return event(randomBytes(padding).toString('hex').slice(0, padding)).split('@');
}
