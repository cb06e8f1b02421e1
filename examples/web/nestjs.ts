/** Fleets as providers, and a session per request, with NestJS: `npx tsx examples/web/nestjs.ts` */
import 'reflect-metadata';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Fleet, InjectFleet, ReadfleetModule } from 'readfleet/nestjs';
import { showTwoClients, startLaggingFleet } from './lagging';

// With `emitDecoratorMetadata`, `constructor(private readonly fleet: Fleet)` does as well.
@Controller('notes')
class Notes {
  @InjectFleet()
  private readonly fleet!: Fleet;

  @Get()
  async list(): Promise<unknown[]> {
    return (await this.fleet.query('select id, body from note')).rows;
  }

  @Post()
  async add(): Promise<void> {
    await this.fleet.query('insert into note (body) values ($1)', ['buy tea']);
  }
}

async function main(): Promise<void> {
  const local = await startLaggingFleet();

  @Module({
    imports: [ReadfleetModule.forRoot({ source: local.contract, options: { maxStalenessMs: 60_000 } })],
    controllers: [Notes],
  })
  class App {}

  const app = await NestFactory.create(App, { logger: ['error', 'warn'], forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  try {
    await showTwoClients(await app.getUrl());
  } finally {
    await app.close();
    await local.stop();
  }
}

void main();
