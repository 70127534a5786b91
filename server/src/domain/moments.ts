import type { DocumentState } from './change';
import type { CountedState, EventDefinition } from './definition';

/** One counted state of a document. */
export interface VersionRef {
  uid: string;
  documentId: string;
  locale: string | null;
  status: CountedState;
}

/** A named time of a state at which an event may have to be made. */
export interface Moment {
  name: string;
  dueAt: Date;
}

/** Bounds of what one definition may ask for of one state. */
const MAX_MOMENTS = 100;
const MAX_NAME_LENGTH = 100;

/**
 * The times that a definition names of a state, in the order of their names. None where there is no state.
 *
 * @throws Error naming the moment that is no time, or one too many.
 */
export function momentsOf(
  definition: Pick<EventDefinition, 'moments'>,
  uid: string,
  state: DocumentState | null,
): Moment[] {
  const given = state === null ? {} : (definition.moments?.(state, uid) ?? {});
  const named = Object.entries(given).filter(([, time]) => time !== null && time !== undefined);
  if (named.length > MAX_MOMENTS) {
    throw new Error(`moments: ${named.length} of them; at most ${MAX_MOMENTS} are kept`);
  }
  return named
    .map(([name, time]) => ({ name: checkName(name), dueAt: checkTime(name, time) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Those that are still to come. */
export function comingMoments(moments: readonly Moment[], now: Date): Moment[] {
  return moments.filter(({ dueAt }) => dueAt > now);
}

export function sameMoments(one: readonly Moment[], other: readonly Moment[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, dueAt }, index) => {
      const against = other[index];
      return against?.name === name && against.dueAt.getTime() === dueAt.getTime();
    })
  );
}

function checkName(name: string): string {
  if (name.length > MAX_NAME_LENGTH) {
    throw new Error(`moments: a name is over ${MAX_NAME_LENGTH} characters`);
  }
  return name;
}

function checkTime(name: string, time: Date | string | null | undefined): Date {
  const instant = new Date(time ?? Number.NaN);
  if (Number.isNaN(instant.getTime())) {
    throw new Error(`moments.${name}: ${JSON.stringify(time)} is no time`);
  }
  return instant;
}
