import type { Actor } from '../../../server/src/contracts/event';
import { useText } from '../translations/useText';

/** Who made a change, as well as it is known. */
export function ActorName({ actor }: { actor: Actor }) {
  const text = useText();
  const name = actor.display_name ?? actor.user_id;
  const kind = text(`actor.${actor.type}`);

  if (name === null) return <>{kind}</>;
  return <span title={actor.role ?? kind}>{name}</span>;
}
