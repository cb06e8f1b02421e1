export interface Source {
  /**
   * - `published`: read in AWS's price list or a table of it, for this region
   * - `derived`: read for another region or deployment, and carried over; `what` says how
   * - `memory`: nobody read it: check before you rely on it
   */
  readonly kind: 'published' | 'derived' | 'memory';
  /** As exact as it is known: a day, a month or a year. */
  readonly date: string;
  readonly what: string;
}

/** Where the prices come from. The table was made without a way to AWS's own list: what is here was found quoted elsewhere. */
export const SOURCES = {
  'us-east-1-list': {
    kind: 'published',
    date: '2026-07-28',
    what: 'bulk price list of RDS, us-east-1, quoted in a public report on PostgreSQL hosting',
  },
  'spot-checks': {
    kind: 'published',
    date: '2026-08-10',
    what: "spot checks of a public slice of the price list against AWS's calculator, us-east-1 and eu-central-1",
  },
  'three-regions': {
    kind: 'published',
    date: '2026',
    what: 'public deployment guide with a cost table of us-east-1, eu-west-1 and eu-central-1',
  },
  't4g-us-east-1': {
    kind: 'published',
    date: '2026',
    what: 'two public breakdowns of RDS prices in us-east-1 that agree on t4g',
  },
  'aurora-us-east-1': {
    kind: 'published',
    date: '2026',
    what: 'price constants of a public Aurora cost analyser, us-east-1; Aurora MySQL and PostgreSQL cost the same',
  },
  'frankfurt-list': {
    kind: 'published',
    date: '2026',
    what: 'price list of RDS, eu-central-1, quoted in a public hosting comparison',
  },
  'frankfurt-halved': {
    kind: 'derived',
    date: '2026',
    what: 'half of the Multi-AZ price in the price list of RDS, eu-central-1, quoted in a public hosting comparison',
  },
  'frankfurt-m6i-halved': {
    kind: 'derived',
    date: '2026-07-27',
    what: 'half of the Multi-AZ price in the price list of RDS, eu-central-1, quoted in a public planning note',
  },
  'frankfurt-aurora': {
    kind: 'published',
    date: '2026',
    what: 'price list of RDS, eu-central-1, quoted in a public capacity plan',
  },
  'frankfurt-proxy': {
    kind: 'derived',
    date: '2026',
    what: 'the price per ACU-hour of RDS Proxy in eu-central-1; in us-east-1 a vCPU-hour costs as much as an ACU-hour',
  },
  'frankfurt-rates': {
    kind: 'published',
    date: '2026-09-09',
    what: 'rate card of eu-central-1 in a public cost report, held against its own bill',
  },
  'frankfurt-bill': {
    kind: 'published',
    date: '2026',
    what: 'public cost estimate of a deployment in eu-central-1, with CloudWatch alarms',
  },
  'ireland-list': {
    kind: 'published',
    date: '2026-09-14',
    what: 'price lists of EC2, RDS and VPC, eu-west-1, quoted with their SKUs in a public cost estimate',
  },
  'ireland-halved': {
    kind: 'derived',
    date: '2026-09-14',
    what: 'half of the Multi-AZ price in the price list of RDS, eu-west-1, quoted with its SKU in a public cost estimate',
  },
  'cloudwatch-guides': {
    kind: 'derived',
    date: '2026-06',
    what: "guides to CloudWatch's prices that name no region, or us-east-1; carried over to the others",
  },
  'insights-us-east-2': {
    kind: 'derived',
    date: '2026',
    what: 'price list of CloudWatch, us-east-2: Database Insights of RDS; carried over to the others',
  },
  'lambda-singapore': {
    kind: 'derived',
    date: '2026',
    what: 'price list of Lambda on arm64, ap-southeast-1; carried over, since AWS asks the same in most regions',
  },
  'route53-guides': {
    kind: 'published',
    date: '2026',
    what: 'public guides to Route 53, which has one price everywhere',
  },
  'ssm-guides': {
    kind: 'published',
    date: '2026',
    what: 'public guides to Parameter Store, which has one price everywhere',
  },
  memory: { kind: 'memory', date: '2026-11', what: 'from memory, or reckoned from neighbouring classes: not read' },
} as const satisfies Record<string, Source>;

export type SourceId = keyof typeof SOURCES;
