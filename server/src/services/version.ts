import { version } from '../../../package.json';

/** Of this plugin, as it stands in `User-Agent`. */
export const VERSION: string = version;
