import { runDemo } from '../demo';
import { chat } from './app';

void runDemo(chat);
