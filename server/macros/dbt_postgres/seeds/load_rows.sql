{# Loading seeds on Postgres: the rows are streamed by COPY, which is many times faster than inserts. #}

{# The text returned for the record is the COPY statement that was executed. #}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {{ return(adapter.copy_rows(
        this,
        agate_table,
        model['config'].get('column_types', {}),
        get_seed_column_quoted_csv(model, agate_table.column_names),
    )) }}
{% endmacro %}
