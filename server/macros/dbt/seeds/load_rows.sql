{# The rows of a seed, in batches of inserts with bound values. An adapter with a bulk load of its own overrides
   load_csv_rows. #}

{# Executes, and returns the SQL for the record: the first batch, with placeholders for the values. #}
{% macro load_csv_rows(model, agate_table) -%}
    {{ adapter.dispatch('load_csv_rows', 'dbt')(model, agate_table) }}
{%- endmacro %}

{% macro default__load_csv_rows(model, agate_table) %}
    {% set columns = get_seed_column_quoted_csv(model, agate_table.column_names) %}
    {% set marks = [get_binding_char() | trim] * (agate_table.column_names | length) %}
    {% set row_of_marks = '(' ~ marks | join(',') ~ ')' %}
    {% set executed = [] %}

    {% for chunk in agate_table.rows | batch(get_batch_size()) %}
        {% set bindings = [] %}
        {% for row in chunk %}
            {% do bindings.extend(row) %}
        {% endfor %}
        {% set sql %}
            insert into {{ this.render() }} ({{ columns }}) values
            {{ ([row_of_marks] * (chunk | length)) | join(',') }}
        {% endset %}
        {% do adapter.add_query(sql, bindings=bindings, abridge_sql_log=True) %}
        {% if not executed %}
            {% do executed.append(sql) %}
        {% endif %}
    {% endfor %}

    {{ return(executed[0]) }}
{% endmacro %}


{# Column names for an insert; quoted where the config `quote_columns` says so. #}
{% macro get_seed_column_quoted_csv(model, column_names) %}
    {% set quoted = [] %}
    {% for name in column_names %}
        {% do quoted.append(adapter.quote_seed_column(name, model['config'].get('quote_columns', none))) %}
    {% endfor %}
    {{ return(quoted | join(', ')) }}
{% endmacro %}

{% macro get_binding_char() -%}
    {{ adapter.dispatch('get_binding_char', 'dbt')() }}
{%- endmacro %}

{% macro default__get_binding_char() %}
    {{ return('%s') }}
{% endmacro %}

{# Rows per insert. #}
{% macro get_batch_size() -%}
    {{ return(adapter.dispatch('get_batch_size', 'dbt')()) }}
{%- endmacro %}

{% macro default__get_batch_size() %}
    {{ return(10000) }}
{% endmacro %}


{# What the target folder shows of a seed. #}
{% macro get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{ adapter.dispatch('get_csv_sql', 'dbt')(create_or_truncate_sql, insert_sql) }}
{% endmacro %}

{% macro default__get_csv_sql(create_or_truncate_sql, insert_sql) %}
    {{ create_or_truncate_sql }};
    -- dbt seed --
    {{ insert_sql }}
{% endmacro %}
