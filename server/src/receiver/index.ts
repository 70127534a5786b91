/** For those who receive: verification of Newswire's requests, without Strapi. */
export { createReceiver } from './receiver';
export type { Processed, Receiver, Verified } from './receiver';
export type { ReceiverOptions } from './options';
export type { SecretsInput } from './secrets';
export type { JsonWebKeySet } from './key-set';
export type { ReceivedRequest } from './request';
export type { Refusal, RefusalCode } from './refusal';
export type { NewswireEvent } from './message';
export type { DedupeStore } from './dedupe';
export { memoryDedupe } from './memory-dedupe';
export { redisDedupe } from './redis-dedupe';
export type { RedisCommand } from './redis-dedupe';
