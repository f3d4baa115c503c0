{# The materialization `unit`: runs a unit test's query, whose inputs are fixtures by now, beside the expected rows. #}

{%- materialization unit, default -%}
    {% set sql_header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS else none %}
    {% set expected_rows = config.get('expected_rows') %}
    {% set tested_columns = expected_rows[0].keys() if expected_rows else get_columns_in_query(sql) %}

    {# An empty table of the query's result says which types the expected rows must have. #}
    {% set temp_relation = make_temp_relation(this.incorporate(type='table')) %}
    {% do run_query(get_create_table_as_sql(True, temp_relation, get_empty_subquery_sql(sql))) %}
    {% set data_types, quoted = {}, {} %}
    {% for column in adapter.get_columns_in_relation(temp_relation) %}
        {% do data_types.update({column.name | lower: column.data_type}) %}
        {% do quoted.update({column.name | lower: column.quoted}) %}
    {% endfor %}
    {% set expected_columns = [] %}
    {% for name in tested_columns %}
        {% do expected_columns.append(quoted[name | lower]) %}
    {% endfor %}

    {% set expected_sql = config.get('expected_sql') or get_expected_sql(expected_rows, data_types, quoted) %}

    {% call statement('main', fetch_result=True) -%}
        {{ sql_header or '' }}
        {{ get_unit_test_sql(sql, expected_sql, expected_columns) }}
    {%- endcall %}

    {% do adapter.drop_relation(temp_relation) %}

    {{ return({'relations': []}) }}
{%- endmaterialization -%}
