import 'reflect-metadata';
import {
  Controller,
  Get,
  Injectable,
  type LoggerService,
  Module,
  type OnModuleDestroy,
  Post,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { FleetContract } from 'readfleet';
import { Fleet, fleetToken, InjectFleet, ReadfleetModule, type ReadfleetModuleOptions } from 'readfleet/nestjs';
import type { LocalFleet } from '../../../local';
import { startRegister } from './register';
import { addOne, readValue } from './sites';

/** What the module of readfleet/nestjs promises. */
export function nestModule(): void {
  let local: LocalFleet;
  const closers: (() => Promise<void>)[] = [];
  const warnings: unknown[] = [];

  const logger: LoggerService = {
    log: () => undefined,
    warn: (message: unknown) => warnings.push(message),
    error: (message: unknown) => warnings.push(message),
  };

  beforeAll(async () => {
    local = await startRegister();
  });

  afterEach(async () => {
    warnings.length = 0;
    for (const close of closers.splice(0)) await close();
  });

  afterAll(() => local?.stop());

  function named(fleet: string): FleetContract {
    return { ...local.contract, fleet };
  }

  async function start(App: Type) {
    const app = await NestFactory.create(App, { logger, abortOnError: false });
    closers.push(() => app.close());
    await app.listen(0, '127.0.0.1');
    return { app, url: await app.getUrl() };
  }

  @Controller('register')
  class Register {
    @InjectFleet()
    private readonly fleet!: Fleet;

    @Get()
    read(): Promise<unknown> {
      return readValue(this.fleet);
    }

    @Post()
    add(): Promise<unknown> {
      return addOne(this.fleet);
    }
  }

  test('a fleet is there for every module, by its class', async () => {
    @Injectable()
    class Service {
      constructor(readonly fleet: Fleet) {}
    }
    // What TypeScript tells Nest of a constructor, with emitDecoratorMetadata.
    Reflect.defineMetadata('design:paramtypes', [Fleet], Service);
    @Module({ providers: [Service] })
    class Part {}
    @Module({ imports: [ReadfleetModule.forRoot({ source: local.contract }), Part] })
    class App {}

    const { app } = await start(App);

    expect(await readValue(app.get(Service, { strict: false }).fleet)).toEqual({ value: expect.any(Number) });
    expect(app.get(Fleet)).toBe(app.get(Service, { strict: false }).fleet);
  });

  test('several fleets are there by their names', async () => {
    @Injectable()
    class Service {
      @InjectFleet('orders')
      readonly orders!: Fleet;

      @InjectFleet('stock')
      readonly stock!: Fleet;
    }
    @Module({
      imports: [
        ReadfleetModule.forRoot({ name: 'orders', source: named('orders') }),
        ReadfleetModule.forRoot({ name: 'stock', source: named('stock') }),
      ],
      providers: [Service],
    })
    class App {}

    const { app } = await start(App);

    const { orders, stock } = app.get(Service);
    expect([orders.contract.fleet, stock.contract.fleet]).toEqual(['orders', 'stock']);
    expect(app.get(fleetToken('stock'))).toBe(stock);
  });

  test('each of several fleets carries its own session', async () => {
    @Controller('both')
    class Both {
      @InjectFleet('orders')
      private readonly orders!: Fleet;

      @InjectFleet('stock')
      private readonly stock!: Fleet;

      @Post()
      async add(): Promise<void> {
        await addOne(this.orders);
        await addOne(this.stock);
      }
    }
    @Module({
      imports: [
        ReadfleetModule.forRoot({ name: 'orders', source: named('orders') }),
        ReadfleetModule.forRoot({ name: 'stock', source: named('stock') }),
      ],
      controllers: [Both],
    })
    class App {}
    const { url } = await start(App);

    const response = await fetch(`${url}/both`, { method: 'POST' });

    const names = response.headers.getSetCookie().map((cookie) => cookie.split('=')[0]);
    expect(names.sort()).toEqual(['readfleet-orders', 'readfleet-stock']);
  });

  test('options may come from other providers', async () => {
    @Injectable()
    class Config {
      readonly readfleet: ReadfleetModuleOptions = { source: local.contract, session: { header: 'x-my-session' } };
    }
    @Module({ providers: [Config], exports: [Config] })
    class ConfigModule {}
    @Module({
      imports: [
        ReadfleetModule.forRootAsync({
          imports: [ConfigModule],
          inject: [Config],
          useFactory: async (config: Config) => config.readfleet,
        }),
      ],
      controllers: [Register],
    })
    class App {}
    const { url } = await start(App);

    const response = await fetch(`${url}/register`, { method: 'POST' });

    expect(response.headers.get('x-my-session')).toMatch(/^rf1\./);
  });

  test('with session: false requests are in none', async () => {
    @Module({
      imports: [ReadfleetModule.forRoot({ source: local.contract, session: false })],
      controllers: [Register],
    })
    class App {}
    const { url } = await start(App);

    const response = await fetch(`${url}/register`, { method: 'POST' });

    expect([response.status, response.headers.getSetCookie()]).toEqual([201, []]);
  });

  test('routes behind a global prefix are in sessions too', async () => {
    @Module({ imports: [ReadfleetModule.forRoot({ source: local.contract })], controllers: [Register] })
    class App {}
    const app = await NestFactory.create(App, { logger, abortOnError: false });
    closers.push(() => app.close());
    app.setGlobalPrefix('api/v1');
    await app.listen(0, '127.0.0.1');

    const response = await fetch(`${await app.getUrl()}/api/v1/register`, { method: 'POST' });

    expect([response.status, response.headers.getSetCookie().length]).toEqual([201, 1]);
  });

  test('Nest has nothing to warn of', async () => {
    @Module({ imports: [ReadfleetModule.forRoot({ source: local.contract })], controllers: [Register] })
    class App {}
    await start(App);

    expect(warnings).toEqual([]);
  });

  test('a fleet that cannot be connected to fails the start, with the cause', async () => {
    const nowhere = { ...local.contract, writer: { ...local.contract.writer, port: 1 }, readers: [] };
    @Module({ imports: [ReadfleetModule.forRoot({ source: nowhere })] })
    class App {}

    await expect(NestFactory.create(App, { logger: false, abortOnError: false })).rejects.toMatchObject({
      code: 'READFLEET_NO_MEMBER',
    });
  });

  test('the fleet is closed when the app is, after those who still write', async () => {
    let last: unknown;
    @Injectable()
    class Writer implements OnModuleDestroy {
      @InjectFleet()
      private readonly fleet!: Fleet;

      async onModuleDestroy(): Promise<void> {
        last = await addOne(this.fleet);
      }
    }
    @Module({ imports: [ReadfleetModule.forRoot({ source: local.contract })], providers: [Writer] })
    class App {}
    const { app } = await start(App);
    const fleet = app.get(Fleet);

    await closers.pop()?.();

    expect(last).toEqual({ value: expect.any(Number) });
    await expect(fleet.query('select 1')).rejects.toMatchObject({ code: 'READFLEET_CLOSED' });
  });

  test('without a server there are fleets, too', async () => {
    @Module({ imports: [ReadfleetModule.forRoot({ source: local.contract })] })
    class App {}
    const app = await NestFactory.createApplicationContext(App, { logger, abortOnError: false });
    closers.push(() => app.close());

    expect(await readValue(app.get(Fleet))).toEqual({ value: expect.any(Number) });
  });
}
