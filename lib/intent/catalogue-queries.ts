/** Each query gives rows of {@link CatalogueRow}. They read the catalogue only, and run on any server since PostgreSQL 12. */

/** Temporary objects are one session's, and that session is on the primary. */
const NOT_TEMPORARY = `n.nspname !~ '^pg_(toast_)?temp_'`;

const IN_SYSTEM = `n.nspname IN ('pg_catalog', 'information_schema')`;

/** All overloads of a name in a schema, as one row. */
export const FUNCTIONS = `
  SELECT n.nspname AS schema, p.proname AS name,
    -- CREATE AGGREGATE labels every aggregate immutable; what it calls tells the truth.
    bool_or(p.provolatile = 'v' OR EXISTS (
      SELECT FROM pg_catalog.pg_aggregate a
      JOIN pg_catalog.pg_proc part ON part.oid IN (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)
      WHERE a.aggfnoid = p.oid AND part.provolatile = 'v')) AS volatile,
    bool_or(p.pronargs >= 1 AND p.pronargs - p.pronargdefaults <= 1) AS unary,
    array_agg('SELECT ' || pg_catalog.pg_get_expr(p.proargdefaults, 0))
      FILTER (WHERE p.proargdefaults IS NOT NULL AND NOT ${IN_SYSTEM}) AS hidden
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE ${NOT_TEMPORARY} AND p.prokind <> 'p' AND p.prorettype NOT IN ('pg_catalog.trigger'::pg_catalog.regtype, 'pg_catalog.event_trigger'::pg_catalog.regtype)
  GROUP BY 1, 2`;

export const OPERATORS = `
  SELECT n.nspname AS schema, o.oprname AS name, bool_or(p.provolatile = 'v') AS volatile
  FROM pg_catalog.pg_operator o
  JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
  JOIN pg_catalog.pg_proc p ON p.oid = o.oprcode
  GROUP BY 1, 2`;

/** Types by how a value becomes one: by input, by cast, and by the checks of a domain, also as a part of a composite. */
export const TYPES = `
  SELECT n.nspname AS schema, t.typname AS name,
    p.provolatile = 'v' OR EXISTS (
      SELECT FROM pg_catalog.pg_cast c JOIN pg_catalog.pg_proc f ON f.oid = c.castfunc
      WHERE c.casttarget = t.oid AND f.provolatile = 'v') AS volatile,
    CASE t.typtype
      WHEN 'd' THEN
        ARRAY['SELECT NULL::' || pg_catalog.format_type(t.typbasetype, NULL)] || ARRAY(
          SELECT 'SELECT ' || pg_catalog.pg_get_expr(k.conbin, 0)
          FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.conbin IS NOT NULL)
      WHEN 'c' THEN ARRAY(
        SELECT 'SELECT NULL::' || pg_catalog.format_type(part.oid, NULL)
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
        JOIN pg_catalog.pg_type part ON part.oid IN (at.oid, at.typelem)
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped AND part.typtype IN ('c', 'd'))
    END AS hidden
  FROM pg_catalog.pg_type t
  JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  JOIN pg_catalog.pg_proc p ON p.oid = t.typinput
  WHERE ${NOT_TEMPORARY} AND t.typcategory <> 'A'`;

export const VIEWS = `
  SELECT n.nspname AS schema, c.relname AS name, 'view' AS kind, ARRAY[pg_catalog.pg_get_viewdef(c.oid)] AS hidden
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${NOT_TEMPORARY} AND c.relkind = 'v' AND NOT ${IN_SYSTEM}`;

export const GUARDED = `
  SELECT n.nspname AS schema, c.relname AS name, 'guarded' AS kind,
    array_agg('SELECT ' || pg_catalog.pg_get_expr(p.polqual, p.polrelid)) AS hidden
  FROM pg_catalog.pg_policy p
  JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${NOT_TEMPORARY} AND c.relrowsecurity AND p.polcmd IN ('r', '*') AND p.polqual IS NOT NULL
  GROUP BY 1, 2`;

/** Unlogged and foreign tables, with every table that has one as a partition or child; and sequences. */
export const STORAGE = `
  WITH RECURSIVE special (oid, kind) AS (
    SELECT c.oid, CASE WHEN c.relkind = 'S' THEN 'sequence' WHEN c.relkind = 'f' THEN 'foreign' ELSE 'unlogged' END
    FROM pg_catalog.pg_class c
    WHERE c.relkind IN ('S', 'f') OR (c.relpersistence = 'u' AND c.relkind IN ('r', 'm'))
    UNION
    SELECT i.inhparent, s.kind FROM special s JOIN pg_catalog.pg_inherits i ON i.inhrelid = s.oid
  )
  SELECT n.nspname AS schema, c.relname AS name, s.kind
  FROM special s
  JOIN pg_catalog.pg_class c ON c.oid = s.oid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${NOT_TEMPORARY} AND c.relkind NOT IN ('i', 'I')`;
