import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Knex } from 'knex';
import { expect } from 'vitest';
import type { CreatedSubscription } from '../../server/src/contracts/subscription';
import type { ReceivedRequest } from '../support/receiver';
import { contentAgainstLog, disagreements, openItems, owedTo, STATUSES } from './balance';
import type { Run, Seen } from './balance';
import { readBooks, type Books } from './books';
import type { Desk } from './desks';
import type { Edit } from './edits';

/** A run that proves nothing, either way. */
class VoidRun extends Error {
  constructor(reasons: string[]) {
    super(`Void: the ledger cannot be closed, because ${reasons.join(', and ')}`);
  }
}

export interface LedgerInput {
  /** What the run was, for its line. */
  name: string;
  db: Knex;
  desks: readonly (Desk & { subscription: CreatedSubscription })[];
  edits: readonly Edit[];
  requests: readonly ReceivedRequest[];
  /** Processes that have not ended. */
  running: number;
}

/**
 * Closes the ledger of a run and prints its line.
 *
 * @throws VoidRun where it cannot be closed; an assertion where the books do not agree.
 */
export async function closeLedger(input: LedgerInput): Promise<Books> {
  if (input.running > 0) throw new VoidRun([`${input.running} processes still run`]);
  const run = await runOf(input);
  const open = openItems(run);
  if (open.length > 0) throw new VoidRun(open);
  console.log(`ledger: ${lineOf(run)} (${input.name})`);
  expect(disagreements(run)).toEqual([]);
  return run.books;
}

/** In the middle of a run, with no process running: invariant 1 alone. */
export async function expectContentEqualsEvents(
  input: Pick<LedgerInput, 'db' | 'edits'>,
): Promise<Books> {
  const books = await readBooks(input.db, input.edits);
  expect(contentAgainstLog({ books, edits: input.edits })).toEqual([]);
  return books;
}

async function runOf(input: LedgerInput): Promise<Run> {
  const desks = input.desks.map((desk) => ({ ...desk, id: desk.subscription.id }));
  const secrets = new Map(desks.map(({ id, subscription }) => [id, subscription.secret]));
  return {
    books: await readBooks(input.db, input.edits),
    edits: input.edits,
    desks,
    seen: input.requests.map((request) => seenBy(request, secrets)),
  };
}

/** `events × matching subscriptions = what has become of them`, counted by event. */
function lineOf({ books, desks, seen }: Run): string {
  const wanted = desks.reduce(
    (sum, desk) => sum + books.events.filter((event) => desk.wants(event)).length,
    0,
  );
  const statuses = desks.flatMap(({ id }) => owedTo(books, id).map(({ status }) => status));
  const parts = STATUSES.map(
    (status) => `${statuses.filter((one) => one === status).length} ${status}`,
  );
  const equal = wanted === statuses.length ? '=' : '≠';
  return `${books.events.length} events × ${desks.length} subscriptions, ${wanted} matching ${equal} ${parts.join(' + ')}; ${seen.length} requests seen`;
}

function seenBy(request: ReceivedRequest, secrets: ReadonlyMap<string, string>): Seen {
  const desk = request.headers['x-subscription-id'] ?? '';
  const text = request.body.toString();
  const key = request.headers['webhook-id'] ?? '';
  const signed = isSigned(request, secrets.get(desk));
  if (request.headers['x-event-type'] !== 'batch') {
    return { desk, eventIds: [key], bytes: [text], signed };
  }
  const { batch_id: batchId, events } = JSON.parse(text) as {
    batch_id: string;
    events: { event_id: string }[];
  };
  // Its events are ours byte for byte when what is made of them anew is the body.
  const bytes = events.map((event) => JSON.stringify(event));
  const whole = `{"batch_id":${JSON.stringify(batchId)},"events":[${bytes.join(',')}]}` === text;
  const eventIds = events.map((event) => event.event_id);
  return { desk, eventIds, bytes, signed: signed && whole && batchId === key };
}

/** Standard Webhooks, in the receiver's own words. */
function isSigned({ headers, body }: ReceivedRequest, secret: string | undefined): boolean {
  if (!secret) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body.toString()}`;
  const right = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
  return (headers['webhook-signature'] ?? '').split(' ').some((given) => {
    const bytes = Buffer.from(given);
    return bytes.length === right.length && timingSafeEqual(bytes, right);
  });
}
