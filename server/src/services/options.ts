import type { Core } from '@strapi/strapi';
import { parseOptions } from '../../../config/options';
import type { Options } from '../../../config/options';

export type { Options };

/** The plugin's options from `config/plugins`, validated, with every default in place. */
export function readOptions(strapi: Core.Strapi): Options {
  return parseOptions(strapi.config.get('plugin::newswire', {}));
}
