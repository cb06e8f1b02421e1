/** The tables that the corpus reads, and user-defined code for it to stumble over. Runs once on an empty database. */
export const SCHEMA = `
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TYPE address AS (city text, street text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE SEQUENCE ticket_seq;
CREATE SEQUENCE counter;

CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, name text, manager_id int, feeling mood, home address,
  created_at timestamptz NOT NULL DEFAULT '2026-01-01', deleted_at timestamptz);
CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, status text, total numeric(10, 2),
  placed_at timestamptz, tags text[], note text);
CREATE TABLE items (order_id int REFERENCES orders, sku text, quantity int, price numeric, PRIMARY KEY (order_id, sku));
CREATE TABLE docs (id int PRIMARY KEY, body jsonb, markup xml, words tsvector, span int4range);
CREATE TABLE "Order" ("id" int PRIMARY KEY, "select" text, "forUpdate" text, "nextval" int);
CREATE SCHEMA sales;
CREATE TABLE sales.leads (id int, score int);

INSERT INTO users SELECT n, 'u' || n || '@example.org', 'User ' || n, nullif(n / 2, 0), 'glad', ROW('Bern', 'Gasse')::address FROM generate_series(1, 20) n;
INSERT INTO orders SELECT n, 1 + n % 20, (ARRAY['open', 'paid', 'sent'])[1 + n % 3], n * 1.5, '2026-01-01'::timestamptz + n * interval '1 day',
  ARRAY['a', 'b'], 'note ' || n FROM generate_series(1, 60) n;
INSERT INTO items SELECT n, 'sku' || n % 5, n % 7, n FROM generate_series(1, 60) n;
INSERT INTO docs SELECT n, jsonb_build_object('n', n, 'tags', jsonb_build_array('x', n)), xmlparse(content '<a><b>1</b></a>'),
  to_tsvector('english', 'the quick fox ' || n), int4range(n, n + 5) FROM generate_series(1, 5) n;
INSERT INTO "Order" VALUES (1, 'insert into x', 'for update', 7);
INSERT INTO sales.leads VALUES (1, 10);

CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 * 2';
CREATE FUNCTION order_count(int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM orders WHERE user_id = $1';
CREATE FUNCTION sales.lead_score(int) RETURNS int LANGUAGE sql STABLE AS 'SELECT $1';
CREATE FUNCTION full_name(users) RETURNS text LANGUAGE sql STABLE AS 'SELECT $1.name';
CREATE FUNCTION touch(int) RETURNS int LANGUAGE sql VOLATILE AS 'UPDATE users SET name = name WHERE id = $1 RETURNING id';
CREATE FUNCTION touched(users) RETURNS int LANGUAGE sql VOLATILE AS 'UPDATE users SET name = name WHERE id = $1.id RETURNING id';
CREATE FUNCTION overloaded(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION overloaded(text) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE FUNCTION sales.twice(int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT nextval(''counter'')::int';
CREATE FUNCTION "Quoted Name"(int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT 1';
CREATE FUNCTION numbered(int, bigint DEFAULT nextval('counter')) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $2';
CREATE FUNCTION always(int, int) RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT true';
CREATE OPERATOR ==== (LEFTARG = int, RIGHTARG = int, FUNCTION = always);
CREATE FUNCTION near(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 3';
CREATE OPERATOR <~> (LEFTARG = int, RIGHTARG = int, FUNCTION = near);
CREATE FUNCTION step(int, int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT $1 + $2';
CREATE AGGREGATE volatile_sum(int) (SFUNC = step, STYPE = int, INITCOND = '0');
CREATE FUNCTION plus(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2';
CREATE AGGREGATE steady_sum(int) (SFUNC = plus, STYPE = int, INITCOND = '0');
CREATE FUNCTION checked(int) RETURNS boolean LANGUAGE sql VOLATILE AS 'SELECT true';
CREATE DOMAIN checked_int AS int CHECK (checked(VALUE));
CREATE DOMAIN checked_twice AS checked_int;
CREATE TYPE checked_parts AS (n int, parts checked_int[]);

CREATE VIEW open_orders AS SELECT * FROM orders WHERE status = 'open';
CREATE VIEW numbered_orders AS SELECT nextval('counter') AS n, o.* FROM orders o;
CREATE VIEW numbered_again AS SELECT * FROM numbered_orders;
CREATE VIEW busy AS SELECT * FROM pg_stat_activity;
CREATE MATERIALIZED VIEW order_totals AS SELECT user_id, sum(total) AS total FROM orders GROUP BY 1;
CREATE UNLOGGED TABLE scratch (a int);
CREATE TABLE parted (a int) PARTITION BY LIST (a);
CREATE UNLOGGED TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
CREATE TABLE tenants (id int, tenant text);
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON tenants USING (tenant = current_setting('app.tenant'));
CREATE TABLE published (id int, public boolean);
ALTER TABLE published ENABLE ROW LEVEL SECURITY;
CREATE POLICY visible ON published FOR SELECT USING (public);
`;
