import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Fleet } from 'readfleet';
import { readYourWrites } from 'readfleet/express';
import { monitoringHandler } from 'readfleet/http';
import { StaleVersionError } from 'readfleet/repository';
import { z } from 'zod';
import { Checkout } from './checkout';
import { Stock } from './stock';

const id = z.string().regex(/^[0-9]{1,18}$/);
const amount = z.int().min(1).max(1_000_000);
const order = z.strictObject({
  customer: z.string().min(1).max(100),
  lines: z
    .array(z.strictObject({ article: id, amount }))
    .min(1)
    .max(100),
});
const change = z.strictObject({ version: z.int() });

/** The orders service over HTTP. What it does with the database is in `checkout.ts` and `stock.ts`. */
export function ordersServer(fleet: Fleet): Express {
  const app = express();
  const checkout = new Checkout(fleet);
  const stock = new Stock(fleet);

  // Who may look and switch here is whoever is on this machine. In earnest give it tokens.
  app.use('/internal', monitoringHandler(fleet, { token: false, admin: false }));
  app.use(express.json());
  // A session for each request, handed on by a cookie: who placed an order finds it, whichever replica answers next.
  app.use(readYourWrites(fleet));
  app.param('id', (_request, response, next, value) => {
    if (id.safeParse(value).success) next();
    else response.status(400).send({ message: 'the number of it must be digits' });
  });

  app.get('/articles', async (_request, response) => response.send(await checkout.articles(100)));
  app.get('/articles/:id', async (request, response) => {
    const found = await checkout.article(request.params.id, request.query.critical === 'true');
    response.status(found ? 200 : 404).send(found);
  });
  app.get('/articles/:id/stock', async (request, response) => {
    const now = await stock.now(request.params.id);
    response.status(now === undefined ? 404 : 200).send({ stock: now });
  });
  app.post('/articles/:id/restock', async (request, response) => {
    const now = await stock.restock(request.params.id, z.strictObject({ amount }).parse(request.body).amount);
    response.status(now === undefined ? 404 : 200).send({ stock: now });
  });

  app.get('/orders', async (request, response) => {
    response.send(await checkout.ofCustomer(z.string().parse(request.query.customer)));
  });
  app.post('/orders', async (request, response) => {
    const { customer, lines } = order.parse(request.body);
    response.status(201).send(await checkout.place(customer, lines));
  });
  app.get('/orders/:id', async (request, response) => {
    const found = await checkout.order(request.params.id, request.query.critical === 'true');
    response.status(found ? 200 : 404).send(found);
  });
  app.post('/orders/:id/pay', async (request, response) => {
    const paid = await checkout.pay(request.params.id, change.parse(request.body).version);
    response.status(paid ? 200 : 404).send(paid);
  });
  app.post('/orders/:id/cancel', async (request, response) => {
    const cancelled = await checkout.cancel(request.params.id, change.parse(request.body).version);
    response.status(cancelled ? 200 : 404).send(cancelled);
  });

  app.get('/reports/sales', async (_request, response) => response.send(await stock.sales()));

  app.use(failed);
  return app;
}

/** Nobody could answer in time: the client may try again. */
const LATER: readonly string[] = ['READFLEET_NO_MEMBER', 'READFLEET_NO_WRITER', 'READFLEET_SHED', 'READFLEET_TIMEOUT'];

/** Express knows an error handler by its four parameters. */
const failed: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof StaleVersionError) {
    return void response.status(409).send({ message: 'somebody changed it meanwhile', current: error.current });
  }
  if (error instanceof z.ZodError) return void response.status(400).send({ message: z.prettifyError(error) });
  const status: number = error.status ?? (LATER.includes(error.code) ? 503 : 500);
  if (status >= 500) console.error(error);
  response.status(status).send({ message: status < 500 ? error.message : 'this went wrong, and was written down' });
};
