import { needless, primary, reads } from './statement';

/** User-defined names of the schema: decided only with the catalogue of its server. */
export const WITH_CATALOGUE = [
  ...reads('user-defined and steady', [
    'SELECT twice.n FROM (SELECT 1 AS n) twice',
    'SELECT order_count(1), public.order_count(2)',
    'SELECT public.twice(2)',
    'SELECT sales.lead_score(1)',
    'SELECT u.full_name, (u).full_name, full_name(u) FROM users u ORDER BY id',
    'SELECT (home).city, (u.home).street FROM users u ORDER BY id',
    `SELECT 'sad'::mood, feeling = 'glad'::mood FROM users ORDER BY id`,
    `SELECT ('Bern', 'Gasse')::address`,
    `SELECT jsonb_populate_record(NULL::address, '{"city": "Bern"}')`,
    'SELECT 1::positive, CAST(2 AS public.positive)',
    'SELECT id <~> 3 FROM users ORDER BY id',
    'SELECT steady_sum(id) FROM users',
    'SELECT * FROM open_orders ORDER BY id',
    'SELECT count(*) FROM open_orders o JOIN users u ON u.id = o.user_id',
    'SELECT * FROM order_totals ORDER BY user_id',
    'SELECT * FROM published',
    'SELECT overloaded FROM (SELECT 1 AS overloaded) s',
    "/* readfleet: replica */ SELECT 'sad'::mood",
  ]),
  ...primary('user-defined and volatile', 'volatile function touch', [
    'SELECT touch(1)',
    'SELECT public.touch(id) FROM users',
  ]),
  ...primary('user-defined and volatile', 'volatile function touched', [
    'SELECT touched(u) FROM users u',
    'SELECT u.touched FROM users u',
    'SELECT (u).touched FROM users u',
  ]),
  ...primary('overloads', 'volatile function overloaded', ["SELECT overloaded('x'::text)"]),
  ...needless('overloads', 'volatile function overloaded', ['SELECT overloaded(1)']),
  ...primary('schemas', 'volatile function twice', ['SELECT sales.twice(2)']),
  ...needless('schemas', 'volatile function twice', ['SELECT twice(2)']),
  ...needless('quoted names', 'volatile function Quoted Name', ['SELECT "Quoted Name"(1)']),
  ...primary('quoted names', 'unknown function quoted name', ['SELECT "quoted name"(1)']),
  ...primary('hidden code', 'default in numbered: volatile function nextval', ['SELECT numbered(1)']),
  ...needless('hidden code', 'volatile operator ====', [
    'SELECT 1 ==== 2',
    'SELECT 1 OPERATOR(public.====) ANY (ARRAY[1])',
  ]),
  ...needless('hidden code', 'volatile function volatile_sum', ['SELECT volatile_sum(id) FROM users']),
  ...needless('hidden code', 'type checked_int: volatile function checked', ['SELECT 1::checked_int']),
  ...needless('hidden code', 'type checked_twice: type checked_int: volatile function checked', [
    'SELECT 1::checked_twice',
  ]),
  ...primary('hidden code', 'view numbered_orders: volatile function nextval', [
    'SELECT * FROM numbered_orders',
    '/* readfleet: replica */ SELECT n FROM public.numbered_orders',
  ]),
  ...primary('hidden code', 'view numbered_again: view numbered_orders: volatile function nextval', [
    'SELECT * FROM numbered_again',
  ]),
  ...needless('hidden code', 'type checked_parts: type checked_int: volatile function checked', [
    `SELECT jsonb_populate_record(NULL::checked_parts, '{"parts": [1]}')`,
  ]),
  ...primary('hidden code', 'view busy: asks about the server: pg_stat_activity', ['SELECT * FROM busy']),
  ...primary('hidden code', 'policy on tenants: session state: current_setting', ['SELECT * FROM tenants']),
  ...primary('tables that a standby does not have', 'unlogged table', [
    'SELECT * FROM scratch',
    'SELECT * FROM parted',
    'SELECT 1 WHERE EXISTS (SELECT FROM public.scratch)',
  ]),
  ...primary('sequences under any name', 'reads a sequence', [
    'SELECT last_value FROM counter',
    'TABLE public.counter',
  ]),
];
