import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { BLOCKED } from '../../domain/outcome';
import { checkAddress, type AllowList } from './address-policy';

type Answer = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;

/** Resolves a name to all its addresses, as node:dns does when asked for all; tests bring their own. */
export type Resolve = (hostname: string, options: LookupAllOptions, callback: Answer) => void;

/** Refused by the network policy; the message says which address, and why. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
  readonly code = BLOCKED;
}

/**
 * A lookup for the socket itself, so that the address that is checked is the address that is connected to: a
 * name that answers differently the second time (DNS rebinding) gains nothing, because nobody asks a second time.
 *
 * One refused address refuses the name, also beside good ones: which of them a socket takes depends on timing
 * (RFC 8305), and a public name that points into a private network is an attack or a mistake, never a need.
 */
export function checkedLookup(allow: AllowList, resolve: Resolve = systemLookup): LookupFunction {
  const resolveOnce = shared(resolve);
  return (hostname, options, callback) => {
    const { all, ...rest } = options;
    resolveOnce(hostname, { ...rest, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      for (const { address } of addresses) {
        const verdict = checkAddress(address, allow);
        if (!verdict.allowed) {
          const message = `${hostname} resolves to ${address}, and ${verdict.reason}`;
          return callback(new BlockedAddressError(message), []);
        }
      }
      const [first] = addresses;
      if (first === undefined) return callback(notFound(hostname), []);
      if (all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/**
 * One question for all that ask the same at the same moment. The system's lookup holds one of libuv's four
 * threads until a name server answers: without this, one partner's dead name server holds them all, and with
 * them every other name and every file access of the process. Nothing is kept once the answer is there.
 */
function shared(resolve: Resolve): Resolve {
  const waiting = new Map<string, Answer[]>();
  return (hostname, options, callback) => {
    const question = `${hostname} ${options.family ?? 0} ${options.hints ?? 0}`;
    const asking = waiting.get(question);
    if (asking !== undefined) {
      asking.push(callback);
      return;
    }
    const answers = [callback];
    waiting.set(question, answers);
    resolve(hostname, options, (error, addresses) => {
      waiting.delete(question);
      for (const answer of answers) answer(error, addresses);
    });
  };
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}
