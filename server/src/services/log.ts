import type { Core } from '@strapi/strapi';
import type { Log } from '../flow/ports';

/** Strapi's log, each line marked as ours. */
export function logOf(strapi: Core.Strapi): Log {
  const write = (level: 'info' | 'warn' | 'error') => (message: string, details?: object) => {
    strapi.log[level](`[newswire] ${message}${details ? ` ${describe(details)}` : ''}`);
  };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

function describe(details: object): string {
  return Object.entries(details)
    .map(
      ([name, value]) =>
        `${name}=${value instanceof Error ? (value.stack ?? value.message) : JSON.stringify(value)}`,
    )
    .join(' ');
}
