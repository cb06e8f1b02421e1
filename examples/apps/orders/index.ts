import { runDemo } from '../demo';
import { orders } from './app';

void runDemo(orders);
