import type { Options } from '../../../config/options';
import type { Database } from '../store/database';
import { readPipelineStatus } from '../store/pipeline-status';
import type { Directory } from './directory';
import type { Secrets } from './secrets';
import { VERSION } from './version';

/** How this installation stands: what an admin should see to, and what is owed. */
export async function pipelineStatus(input: {
  db: Database;
  directory: Directory;
  secrets: Secrets;
  policy: Options['network'];
}) {
  const { db, directory, secrets, policy } = input;
  const { oldestWaitingAt, invalidEvents, ...counts } = await readPipelineStatus(db);
  const targets = [...(await directory.targets(db)).values()];
  return {
    version: VERSION,
    encryption_key: secrets.available,
    unreadable_secrets: targets.filter((target) => target.keys === null).length,
    allow_http: policy.allowHttp,
    ...counts,
    oldest_waiting_at: oldestWaitingAt?.toISOString() ?? null,
    invalid_events: invalidEvents,
  };
}
