import type { Catalogue } from '../domain/catalogue';
import type { Actor } from '../domain/event';
import { changeToken } from '../domain/diff';
import type { EventFactory } from '../flow/capture';
import type { NewEvent } from '../store/insert-events';
import type { OperationalPayload, OperationalType } from '../../../config/presets/operational';

/** What the operational events are about. */
export const SUBSCRIPTION_SUBJECT = 'plugin::newswire.subscription';

/** Makes the events that Newswire raises about itself; who makes one inserts it. */
export class OperationalEvents {
  readonly #catalogue: Catalogue;
  readonly #factory: EventFactory;

  constructor(catalogue: Catalogue, factory: EventFactory) {
    this.#catalogue = catalogue;
    this.#factory = factory;
  }

  make<Type extends OperationalType>(
    type: Type,
    input: { payload: OperationalPayload<Type>; actor: Actor; onlyTo?: string },
  ): NewEvent {
    const definition = this.#catalogue.definition(type);
    if (!definition) {
      throw new Error(`There is no event definition "${type}"`);
    }
    return this.#factory.operational(definition, {
      ...input,
      subject: {
        type: SUBSCRIPTION_SUBJECT,
        id: input.payload.subscription_id,
        locale: null,
        change_token: changeToken({ type, ...input.payload }),
      },
    });
  }
}
