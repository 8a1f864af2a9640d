-- Installed in the throw-away copy: what the catalog says of the user's schemas, and a note of it at each change of revision.
CREATE SCHEMA tollgate_watch;

CREATE FUNCTION tollgate_watch.user_schema(name text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT name NOT IN ('pg_catalog', 'information_schema', 'tollgate_watch', 'tollgate') AND name !~ '^pg_(toast|temp)'
$$;

-- Kept apart by oid and attnum, which a rename does not change.
CREATE FUNCTION tollgate_watch.catalog() RETURNS jsonb LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT jsonb_build_object(
    'relations', (
      SELECT coalesce(jsonb_object_agg(c.oid::text, jsonb_build_object(
        'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'file', c.relfilenode::text)), '{}')
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE tollgate_watch.user_schema(n.nspname) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')),
    'columns', (
      SELECT coalesce(jsonb_object_agg(a.attrelid::text || '.' || a.attnum, jsonb_build_object(
        'relation', a.attrelid::text, 'name', a.attname, 'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
        'required', a.attnotnull AND NOT a.atthasdef AND a.attidentity = '', 'notNull', a.attnotnull,
        'default', pg_catalog.pg_get_expr(d.adbin, d.adrelid))), '{}')
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE tollgate_watch.user_schema(n.nspname) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped),
    'functions', (
      SELECT coalesce(jsonb_object_agg(p.oid::text, p.oid::regprocedure::text), '{}')
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE tollgate_watch.user_schema(n.nspname)),
    'indexes', (
      SELECT coalesce(jsonb_object_agg(i.indexrelid::text, jsonb_build_object('table', i.indrelid::text, 'name', x.relname)), '{}')
      FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
      WHERE tollgate_watch.user_schema(n.nspname)))
$$;

-- The schema in words, without oids and without the order of columns: two that are equal behave alike.
CREATE FUNCTION tollgate_watch.schema_lines() RETURNS jsonb LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT coalesce(jsonb_agg(line ORDER BY line), '[]') FROM (
    SELECT format('column %I.%I.%I %s%s default %s', n.nspname, c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
                  CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'none')) AS line
    FROM pg_catalog.pg_attribute a
    JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE tollgate_watch.user_schema(n.nspname) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT format('table %I.%I', n.nspname, c.relname)
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE tollgate_watch.user_schema(n.nspname) AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT format('constraint on %s %I %s', o.conrelid::regclass, o.conname, pg_catalog.pg_get_constraintdef(o.oid))
    FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace
    WHERE tollgate_watch.user_schema(n.nspname) AND o.conrelid <> 0
    UNION ALL
    SELECT pg_catalog.pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = x.relnamespace
    WHERE tollgate_watch.user_schema(n.nspname)
    UNION ALL
    SELECT format('function %s %s', p.oid::regprocedure, md5(p.prosrc))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE tollgate_watch.user_schema(n.nspname)
    UNION ALL
    SELECT format('trigger on %s %s', t.tgrelid::regclass, pg_catalog.pg_get_triggerdef(t.oid))
    FROM pg_catalog.pg_trigger t WHERE NOT t.tgisinternal AND t.tgname <> 'tollgate_watch'
    UNION ALL
    SELECT format('enum %s %L', e.enumtypid::regtype, e.enumlabel) FROM pg_catalog.pg_enum e
  ) AS lines
$$;

CREATE TABLE tollgate_watch.notes (
  id bigserial PRIMARY KEY, version text, catalog jsonb NOT NULL, lines jsonb NOT NULL, locks jsonb NOT NULL, transaction text NOT NULL DEFAULT pg_catalog.txid_current()::text);

-- In the migration's own transaction, at its end: the locks that it still holds are those that it took.
CREATE FUNCTION tollgate_watch.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE held jsonb;
BEGIN
  SELECT coalesce(jsonb_agg(jsonb_build_array(relation::text, mode)), '[]') INTO held FROM pg_catalog.pg_locks
  WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND relation <> TG_RELID
    AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database());
  INSERT INTO tollgate_watch.notes (version, catalog, lines, locks)
  VALUES (CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW.version_num END, tollgate_watch.catalog(), tollgate_watch.schema_lines(), held);
  RETURN NULL;
END $$;

CREATE FUNCTION tollgate_watch.attach(relation oid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER tollgate_watch AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION tollgate_watch.note()', relation::regclass);
END $$;

-- A version table that is not there yet is made by alembic or by env.py, with the columns and in the schema that they choose.
CREATE FUNCTION tollgate_watch.attach_new() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE made record;
BEGIN
  FOR made IN
    SELECT c.objid FROM pg_event_trigger_ddl_commands() c JOIN pg_catalog.pg_class t ON t.oid = c.objid
    JOIN tollgate_watch.version_tables v ON v.name = t.relname WHERE c.command_tag IN ('CREATE TABLE', 'CREATE TABLE AS') AND c.object_type = 'table'
  LOOP
    PERFORM tollgate_watch.attach(made.objid);
  END LOOP;
END $$;

CREATE TABLE tollgate_watch.version_tables (name text);

CREATE FUNCTION tollgate_watch.watch(version_table text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE found record;
BEGIN
  INSERT INTO tollgate_watch.version_tables VALUES (version_table);
  FOR found IN
    SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = version_table AND c.relkind = 'r' AND tollgate_watch.user_schema(n.nspname)
  LOOP
    PERFORM tollgate_watch.attach(found.oid);
  END LOOP;
  CREATE EVENT TRIGGER tollgate_watch ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS') EXECUTE FUNCTION tollgate_watch.attach_new();
END $$;
