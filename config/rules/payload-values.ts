/** A value in a payload, and where: `titles.0.license_terms.territories`. */
export interface PlacedValue {
  path: string;
  value: unknown;
}

/**
 * All that a payload has at a path such as `titles[].license_terms.territories`. A list on the way is walked whether or not
 * the path says `[]`. What is not there is left out; what an object has inherited does not count.
 */
export function valuesAt(payload: unknown, path: string): PlacedValue[] {
  const names = path.split(/\.|\[\]/).filter((name) => name !== '');
  const found = names.reduce<PlacedValue[]>(
    (places, name) => places.flatMap(entries).flatMap((place) => below(place, name)),
    [{ path: '', value: payload }],
  );
  return path.endsWith('[]') ? found.flatMap(entries) : found;
}

/** The entries of a list, each at its place; anything else is its own only entry. */
export function entries(place: PlacedValue): PlacedValue[] {
  if (!Array.isArray(place.value)) return [place];
  return place.value.flatMap((value, index) => entries({ path: join(place.path, index), value }));
}

function below(place: PlacedValue, name: string): PlacedValue[] {
  const { value } = place;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? [{ path: join(place.path, name), value: (value as Record<string, unknown>)[name] }]
    : [];
}

function join(path: string, step: string | number): string {
  return path === '' ? String(step) : `${path}.${step}`;
}

const MAX_SHOWN = 60;

/** A value as a message may show it: quoted, on one line, and short however long it is. Of an object, only that it is one. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? value : String(value);
  return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
}
