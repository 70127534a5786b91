import { parseOptions } from '../../config/options';
import { bootstrap } from './bootstrap';
import { controllers } from './controllers';
import { destroy } from './destroy';
import { middlewares } from './middlewares';
import { register } from './register';
import { routes } from './routes';
import { services } from './services';

const plugin = {
  register,
  bootstrap,
  destroy,
  config: {
    default: {},
    validator(config: unknown): void {
      parseOptions(config);
    },
  },
  controllers,
  routes,
  services,
  contentTypes: {},
  policies: {},
  middlewares,
};

export default plugin;
