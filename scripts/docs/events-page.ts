/** docs/events.md: what is written by hand in events-frame.md, and in it each preset's events from the catalogue. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EventDefinition } from '../../server/src/domain/definition';
import { payloadRows } from './payload-rows';

const FRAME = path.join(import.meta.dirname, 'events-frame.md');

/** `<!-- events of generic -->`: where the events of a preset stand. */
const PLACE = /<!-- events of ([a-z]+) -->/g;

/**
 * @param groups events by preset; each has its place in the frame.
 * @throws Error naming a preset that the frame has no place for, or a place that no preset fills.
 */
export function eventsPage(groups: ReadonlyMap<string, readonly EventDefinition[]>): string {
  const frame = readFileSync(FRAME, 'utf8');
  const places = [...frame.matchAll(PLACE)].map(([, name = '']) => name);
  const homeless = [...groups.keys()].find((name) => !places.includes(name));
  if (homeless !== undefined) {
    throw new Error(`scripts/docs/events-frame.md has no line <!-- events of ${homeless} -->`);
  }
  return frame.replace(PLACE, (_, name: string) => {
    const events = groups.get(name);
    if (!events) throw new Error(`scripts/docs/events-frame.md: there is no preset ${name}`);
    return section(events);
  });
}

function section(events: readonly EventDefinition[]): string {
  const tables = new Map<string, string>();
  return events
    .map((event) => {
      const table = payloadTable(event);
      const same = tables.get(table);
      if (same === undefined) tables.set(table, event.type);
      return eventText(event, same === undefined ? table : `Payload: as of \`${same}\`.`);
    })
    .join('\n\n');
}

function eventText(event: EventDefinition, payload: string): string {
  const { type, version, summary, audience, approval, priority, rules, examples, changelog } =
    event;
  const facts = [
    `Version ${version}${event.automaticVersion ? ' at first' : ''}`,
    `audience \`${audience}\``,
    approval ? 'needs approval' : 'needs no approval',
    `${priority} priority`,
  ];
  const older = event.previousVersions.map((previous) => previous.version);
  if (older.length > 0) facts.push(`can be pinned to ${older.join(', ')}`);
  return [
    `### \`${type}\``,
    summary,
    `${facts.join(' · ')}.`,
    payload,
    ...(rules.length > 0
      ? [`Rules:\n\n${rules.map((rule) => `- \`${rule.code}\`: ${rule.summary}`).join('\n')}`]
      : []),
    ...examples
      .slice(0, 1)
      .map((example) => `\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``),
    ...(changelog.length > 0
      ? [
          `Changes:\n\n${changelog
            .map((entry) => `- ${entry.version}: ${entry.changes.join(' ')}`)
            .join('\n')}`,
        ]
      : []),
  ].join('\n\n');
}

function payloadTable({ schema, personal }: EventDefinition): string {
  const rows = payloadRows(schema);
  if (rows.length === 0) return 'Payload: anything.';
  const hidden = new Set(personal);
  const lines = rows.map(({ path: at, type, required, description }) => {
    const notes = [
      required ? 'always there' : '',
      hidden.has(at) || hidden.has(`${at}[]`) ? 'personal' : '',
    ];
    return `| \`${at}\` | ${cell(type)} | ${notes.filter(Boolean).join(', ')} | ${cell(description)} |`;
  });
  return ['| payload | type | | meaning |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
