{# Loading seeds on Postgres: the rows are streamed by COPY, which is many times faster than inserts. #}

{# Returns, for the record, the statement that was executed. #}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {% set columns = [] %}
    {% for name in agate_table.column_names %}
        {% do columns.append(adapter.quote_seed_column(name, model['config'].get('quote_columns', none))) %}
    {% endfor %}
    {% do adapter.copy_rows(this, agate_table, columns) %}
    {{ return("copy " ~ this.render() ~ " (" ~ columns | join(', ') ~ ") from stdin") }}
{% endmacro %}
