{# The rows a unit test gives and expects, written as SQL with the types of the relation they stand for. #}

{# A select that stands in for an input of the tested model. Columns that a row leaves out are null of their type.
   `column_name_to_data_types` is empty unless the caller knows the columns better than the database does. #}
{% macro get_fixture_sql(rows, column_name_to_data_types) %}
-- Fixture for {{ model.name }}
{#- A relation that was never built here may still exist where the run defers to. #}
{% set default_row = {} %}
{%- if not column_name_to_data_types -%}
  {%- set known = defer_relation if defer_relation and not load_relation(this) else this -%}
  {%- set column_name_to_data_types = {} -%}
  {%- set column_name_to_quoted = {} -%}
  {%- for column in adapter.get_columns_in_relation(known) -%}
    {%- do column_name_to_data_types.update({column.name | lower: column.data_type}) -%}
    {%- do column_name_to_quoted.update({column.name | lower: column.quoted}) -%}
  {%- endfor -%}
{%- endif -%}

{%- if not column_name_to_data_types -%}
  {{ exceptions.raise_compiler_error(
      "Not able to get columns for unit test '" ~ model.name ~ "' from relation " ~ this
      ~ " because the relation doesn't exist"
  ) }}
{%- endif -%}

{%- for name, type in column_name_to_data_types.items() -%}
  {%- do default_row.update({name: safe_cast("null", type) | trim}) -%}
{%- endfor -%}

{{ validate_fixture_rows(rows, row_number) }}

{%- for row in rows -%}
  {%- set filled = default_row.copy() -%}
  {%- do filled.update(format_row(row, column_name_to_data_types)) -%}
select
{%-   for name, value in filled.items() %} {{ value }} as {{ column_name_to_quoted[name] }}{{ "," if not loop.last }}
{%-   endfor %}
{%-   if not loop.last %}
union all
{%    endif %}
{%- endfor -%}

{%- if not rows -%}
    select
    {%- for name, value in default_row.items() %} {{ value }} as {{ column_name_to_quoted[name] }}{{ "," if not loop.last }}
    {%- endfor %}
    limit 0
{%- endif -%}
{% endmacro %}


{# A select of the expected rows, with only the columns that the test mentions. #}
{% macro get_expected_sql(rows, column_name_to_data_types, column_name_to_quoted) %}

{%- for row in rows -%}
select
{%-   for name, value in format_row(row, column_name_to_data_types).items() %} {{ value }} as {{ column_name_to_quoted[name] }}{{ "," if not loop.last }}
{%-   endfor %}
{%-   if not loop.last %}
union all
{%    endif %}
{%- else -%}
    select * from dbt_internal_unit_test_actual
    limit 0
{%- endfor -%}

{% endmacro %}


{# One row as a mapping of lower-case column name to a typed SQL expression. #}
{%- macro format_row(row, column_name_to_data_types) -%}
  {% set formatted = {} %}
  {% for written_name, value in row.items() %}
    {% set name = written_name | lower %}
    {% if name not in column_name_to_data_types %}
      {% set fixture = "expected output" if model.resource_type == 'unit_test' else "'" ~ model.name ~ "'" %}
      {{ exceptions.raise_compiler_error(
          "Invalid column name: '" ~ name ~ "' in unit test fixture for " ~ fixture ~ "."
          "\nAccepted columns for " ~ fixture ~ " are: " ~ (column_name_to_data_types.keys() | list)
      ) }}
    {% endif %}

    {% set type = column_name_to_data_types[name] %}
    {% set literal = value %}
    {% if value is string %}
      {% set literal = dbt.string_literal(dbt.escape_single_quotes(value)) %}
      {# A cast to varchar(n) would cut a longer value off without a word, and the test would compare the stump. #}
      {% if 'varying' in type %}
        {% set type = type.split('(')[0] %}
      {% endif %}
    {% elif value is none %}
      {% set literal = 'null' %}
    {% endif %}
    {% do formatted.update({name: safe_cast(literal, type)}) %}
  {% endfor %}
  {{ return(formatted) }}
{%- endmacro -%}


{# For adapters that restrict what a fixture may hold; Postgres does not. #}
{%- macro validate_fixture_rows(rows, row_number) -%}
  {{ return(adapter.dispatch('validate_fixture_rows', 'dbt')(rows, row_number)) }}
{%- endmacro -%}

{%- macro default__validate_fixture_rows(rows, row_number) -%}
{%- endmacro -%}
