{# The materialization `test`: counts the rows that a data test's query finds, and keeps them if asked to. #}

{%- materialization test, default -%}
    {% set sql_header = config.get('sql_header') if flags.REQUIRE_SQL_HEADER_IN_TEST_CONFIGS else none %}
    {% set relations = [] %}
    {# The limit is put in here, and not again around the stored rows. #}
    {% set main_sql %}
        {{ get_limit_subquery_sql(sql, config.get('limit')) }}
    {% endset %}

    {% if should_store_failures() %}
        {% set kind = config.get('store_failures_as') %}
        {% set kind = 'table' if kind is none else kind %}
        {% if kind not in ['table', 'view'] %}
            {{ exceptions.raise_compiler_error(
                "'" ~ kind ~ "' is not a valid value for `store_failures_as`. "
                "Accepted values are: ['ephemeral', 'table', 'view']"
            ) }}
        {% endif %}

        {% set existing_relation = adapter.get_relation(database=database, schema=schema, identifier=model['alias']) %}
        {% set target_relation = api.Relation.create(
            database=database, schema=schema, identifier=model['alias'], type=kind
        ) %}
        {% if existing_relation %}
            {% do adapter.drop_relation(existing_relation) %}
        {% endif %}
        {% call statement(auto_begin=True) %}
            {{ sql_header or '' }}
            {{ get_create_sql(target_relation, main_sql) }}
        {% endcall %}
        {% do relations.append(target_relation) %}

        {# The failures are counted where they are kept: the query has run once already. #}
        {% set main_sql %}
        select *
        from {{ target_relation }}
        {% endset %}
        {% do adapter.commit() %}
    {% endif %}

    {% call statement('main', fetch_result=True) -%}
        {{ sql_header or '' }}
        {{ get_test_sql(main_sql, config.get('fail_calc'), config.get('warn_if'), config.get('error_if'), limit=none) }}
    {%- endcall %}

    {{ return({'relations': relations}) }}
{%- endmaterialization -%}
