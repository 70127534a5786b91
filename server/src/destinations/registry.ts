import type { Destination } from './contract';
import type { WebhookSettings } from './webhook';

/** The settings of each destination type, by the type's name as it stands in a subscription. */
export interface DestinationSettings {
  webhook: WebhookSettings;
}

export type DestinationType = keyof DestinationSettings;

/** All destination types of this process. */
export interface DestinationRegistry {
  readonly types: readonly DestinationType[];
  /** Throws where the name, which may come from a row that a newer version wrote, is not known here. */
  get<T extends DestinationType>(type: T): Destination<DestinationSettings[T]>;
  /** Closes them all; the first error, if any, after the last has been closed. */
  close(): Promise<void>;
}

type Destinations = { [T in DestinationType]: Destination<DestinationSettings[T]> };

/** Makes the registry of the given destinations. */
export function createRegistry(destinations: Destinations): DestinationRegistry {
  const types = Object.keys(destinations) as DestinationType[];
  return {
    types,
    get(type) {
      if (!Object.hasOwn(destinations, type)) {
        throw new Error(`There is no destination type "${type}"; there is ${types.join(', ')}`);
      }
      return destinations[type];
    },
    async close() {
      const endings = await Promise.allSettled(
        Object.values(destinations).map((one) => one.close()),
      );
      const failed = endings.find((ending) => ending.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}
