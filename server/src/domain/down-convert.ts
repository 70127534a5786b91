import type { EventDefinition } from './definition';
import type { EventBody } from './event';
import { majorOf, noConversion } from './schema-major';

/** An event in an older major version of its schema, or why there is none. */
export type Converted =
  | { kind: 'converted'; event: EventBody }
  /** `later`: a newer process of the application can. */
  | { kind: 'unavailable'; reason: string; later: boolean };

/**
 * Writes an event in an older major version, step by step from one version to the next older one. What each step makes is
 * held against the schema of its version: a reader is sent what it was promised, or nothing.
 */
export function downConvert(
  definition: EventDefinition | undefined,
  event: EventBody,
  major: number,
): Converted {
  const from = majorOf(event.schema_version);
  if (definition && from > majorOf(definition.version)) {
    return unavailable(
      `This event has schema ${event.schema_version}, which this process does not know yet: it was recorded by a newer version of the application`,
      true,
    );
  }
  const steps = (definition?.previousVersions ?? []).filter(({ version }) => {
    const older = majorOf(version);
    return older < from && older >= major;
  });
  const last = steps.at(-1);
  if (!last || majorOf(last.version) !== major) {
    const told = { eventType: event.event_type, schemaVersion: event.schema_version };
    return unavailable(noConversion(told, major));
  }
  let { payload } = event;
  for (const step of steps) {
    const failed = (why: string) =>
      unavailable(
        `This event could not be written in version ${step.version} of ${event.event_type}, to which the subscription is pinned or over which the way leads: ${why}; nothing was sent`,
      );
    try {
      const made = step.payload.safeParse(step.down(payload));
      if (!made.success) return failed(issueText(made.error.issues));
      payload = made.data;
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }
  return { kind: 'converted', event: { ...event, schema_version: last.version, payload } };
}

const MAX_ISSUES = 5;

function issueText(issues: { path: PropertyKey[]; message: string }[]): string {
  const told = issues
    .slice(0, MAX_ISSUES)
    .map(({ path, message }) => `${['payload', ...path.map(String)].join('.')}: ${message}`);
  const rest = issues.length - told.length;
  return [...told, ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}

function unavailable(reason: string, later = false): Converted {
  return { kind: 'unavailable', reason, later };
}
