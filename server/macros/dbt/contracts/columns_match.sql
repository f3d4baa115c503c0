{# An enforced contract, first half: the query's columns must be the declared ones. #}

{%- macro get_assert_columns_equivalent(sql) -%}
    {{ adapter.dispatch('get_assert_columns_equivalent', 'dbt')(sql) }}
{%- endmacro -%}

{% macro default__get_assert_columns_equivalent(sql) -%}
    {{ return(assert_columns_equivalent(sql)) }}
{%- endmacro %}

{# Both sides are described by the database, so that "varchar" and "character varying" are the same type. Writes nothing;
   raises a contract error with both lists when a name, a type or the number of columns differs. Order does not matter. #}
{% macro assert_columns_equivalent(sql) %}
    {%- if not model['columns'] -%}
        {%- do exceptions.raise_contract_error([], []) -%}
    {%- endif -%}

    {%- set actual = format_columns(get_column_schema_from_query(sql, config.get('sql_header', none))) -%}
    {%- set declared = format_columns(get_column_schema_from_query(get_empty_schema_sql(model['columns']))) -%}

    {%- if actual | length != declared | length -%}
        {%- do exceptions.raise_contract_error(declared, actual) -%}
    {%- endif -%}
    {%- for column in actual -%}
        {%- set namesake = declared | selectattr('name', 'equalto', column['name']) | first -%}
        {%- if not namesake or namesake['formatted'] != column['formatted'] -%}
            {%- do exceptions.raise_contract_error(declared, actual) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{% macro format_columns(columns) %}
    {% set formatted = [] %}
    {% for column in columns %}
        {% do formatted.append(adapter.dispatch('format_column', 'dbt')(column)) %}
    {% endfor %}
    {{ return(formatted) }}
{% endmacro %}

{% macro default__format_column(column) -%}
    {{ return({
        'name': column.name,
        'data_type': column.dtype,
        'formatted': column.column.lower() ~ " " ~ column.dtype,
    }) }}
{%- endmacro %}


{# A query without rows whose columns are the declared ones. #}
{% macro get_empty_schema_sql(columns) -%}
    {{ return(adapter.dispatch('get_empty_schema_sql', 'dbt')(columns)) }}
{%- endmacro %}

{% macro default__get_empty_schema_sql(columns) %}
    {%- set untyped, unscaled = [], [] -%}
    select
    {% for column in columns.values() %}
        {%- if column['data_type'] is not defined -%}
            {%- do untyped.append(column['name']) -%}
        {%- elif column['data_type'].strip().lower() in ('numeric', 'decimal', 'number') -%}
            {%- do unscaled.append(column['name']) -%}
        {%- endif %}
        {{ cast('null', column['data_type']) }} as {{ adapter.quote(column['name']) if column.get('quote') else column['name'] }}{{ ", " if not loop.last }}
    {%- endfor -%}

    {%- if untyped -%}
        {%- do exceptions.column_type_missing(column_names=untyped) -%}
    {%- elif unscaled -%}
        {%- do exceptions.warn(
            "Detected columns with numeric type and unspecified precision/scale, this can lead to unintended rounding: "
            ~ unscaled ~ "`"
        ) -%}
    {%- endif -%}
{% endmacro %}
