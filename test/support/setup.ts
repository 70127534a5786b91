import { failOnLeftovers } from './leftovers';

failOnLeftovers();
