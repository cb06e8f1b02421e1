import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createApp } from '../../main';

/** `cdktf synth` of every environment of this repository. @returns the folder it went to */
export function synthesise(folder: string): string {
  const outdir = path.join(folder, 'cdktf.out');
  createApp({ outdir }).synth();
  return outdir;
}

/** A folder of one stack that says this. */
export function writeStack(folder: string, name: string, stack: unknown): void {
  const place = path.join(folder, 'stacks', name);
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'cdk.tf.json'), typeof stack === 'string' ? stack : JSON.stringify(stack));
}
