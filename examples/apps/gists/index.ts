import { runDemo } from '../demo';
import { gists } from './app';

void runDemo(gists);
