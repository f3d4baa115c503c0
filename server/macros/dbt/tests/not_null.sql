{# The generic test `not_null`: rows without a value. Whole rows only when they are kept: one column is cheaper. #}

{% test not_null(model, column_name) %}
    {# Dispatched, so that an adapter or a project can put its own query here. #}
    {{ adapter.dispatch('test_not_null', 'dbt')(model, column_name) }}
{% endtest %}

{% macro default__test_not_null(model, column_name) %}

{# Stored failures are read by people. #}

select {{ '*' if should_store_failures() else column_name }}
from {{ model }}
where {{ column_name }} is null

{% endmacro %}
