#!/usr/bin/env node
import { EXIT } from './exit-codes';
import { processIo } from './io';
import { main } from './main';

void main(process.argv.slice(2), processIo()).then((code) => {
  process.exitCode = code;
  // Whoever does not wait for an answer need not wait for connections either.
  if (code === EXIT.interrupted) process.exit();
});
