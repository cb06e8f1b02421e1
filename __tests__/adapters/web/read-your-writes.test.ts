import { promises } from './read-your-writes-suite';
import { sites } from './sites';

promises(sites);
