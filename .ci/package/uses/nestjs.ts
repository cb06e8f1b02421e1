import 'reflect-metadata';
import assert from 'node:assert/strict';
import { NestFactory } from '@nestjs/core';
import { Fleet, ReadfleetModule } from 'readfleet/nestjs';
import type { Context } from './context.js';

export default async function use({ contract }: Context): Promise<void> {
  const app = await NestFactory.createApplicationContext(ReadfleetModule.forRoot({ source: contract }), {
    logger: false,
  });
  const { rows } = await app.get(Fleet).query('select 1 as one');
  assert.equal(rows.length, 1);
  await app.close();
}
