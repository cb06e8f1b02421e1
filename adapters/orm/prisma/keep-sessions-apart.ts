import type { Fleet } from '../../../lib';
import { ReadfleetError } from '../../../lib/errors';

/** A request on its way through Prisma, after its extensions. */
interface Request {
  readonly protocolQuery?: { readonly query?: { readonly selection?: object } };
}

/** Prisma's own: puts together what is asked in one tick, and sends it in the asynchronous context of whoever asked first. */
interface DataLoader {
  readonly options: LoaderOptions;
  request(request: Request): Promise<unknown>;
}

interface LoaderOptions {
  readonly singleLoader: (request: Request) => Promise<unknown>;
  readonly batchLoader: (requests: Request[]) => Promise<unknown>;
}

/**
 * Gives each session a loader of its own.
 *
 * With one for all, a `findUnique` is answered in the session of whoever asked for another in the same tick, and may not see what its own session
 * wrote; and what `$transaction([…])` writes counts for the other session.
 *
 * Without a session each request has one to itself where it is several statements: a row and what belongs to it may come from two replicas, of which the
 * second must not be older.
 *
 * @throws ReadfleetError `READFLEET_PRISMA_CLIENT`
 */
export function keepSessionsApart(client: object, fleet: Fleet): void {
  const shared = (client as { _requestHandler?: { dataloader?: DataLoader } })._requestHandler?.dataloader;
  if (!shared?.options?.singleLoader || !shared.options.batchLoader) throw unknownClient();
  const { options } = shared;
  const Loader = shared.constructor as new (options: LoaderOptions) => DataLoader;
  const { sessions } = fleet.internals;
  const ofSessions = new WeakMap<object, DataLoader>();
  const ofNobody = new Loader({
    ...options,
    singleLoader: (request) => inSession(fleet, [request], () => options.singleLoader(request)),
    batchLoader: (requests) => inSession(fleet, requests, () => options.batchLoader(requests)),
  });

  shared.request = (request) => {
    const session = sessions.current();
    if (!session) return ofNobody.request(request);
    const known = ofSessions.get(session);
    if (known) return known.request(request);
    const loader = new Loader(options);
    ofSessions.set(session, loader);
    return loader.request(request);
  };
}

/** Only what needs one: the first session of a process makes its promises dearer. */
function inSession<T>(fleet: Fleet, requests: readonly Request[], work: () => T): T {
  return requests.some(readsRelations) ? fleet.session.open().run(work) : work();
}

function readsRelations({ protocolQuery }: Request): boolean {
  return Object.values(protocolQuery?.query?.selection ?? {}).some((selected) => typeof selected === 'object');
}

function unknownClient(): ReadfleetError {
  return new ReadfleetError(
    'READFLEET_PRISMA_CLIENT',
    'withReplicas(fleet, open): open(pool) gave no client of a Prisma that is known here (7.0 to 7.10 are tested). ' +
      'Write `(pool) => new PrismaClient({ adapter: new PrismaPg(pool) })`.',
  );
}
