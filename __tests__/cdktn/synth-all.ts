/** Synthesises every environment and example, in a process of its own: cdktn.test.ts decides by what. */
import { resolve } from 'node:path';
import { loadEnvironments } from '../../environments';
import { createApp } from '../../main';

const examples = resolve(__dirname, '..', '..', 'examples');
const environments = [...loadEnvironments(), ...loadEnvironments(examples)].map(({ environment }) => environment);

createApp({ environments, offline: false }).synth();
