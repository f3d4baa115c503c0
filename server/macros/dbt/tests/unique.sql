{# The generic test `unique`: values that occur more than once. #}

{% test unique(model, column_name) %}
    {# Dispatched, so that an adapter or a project can put its own query here. #}
    {{ adapter.dispatch('test_unique', 'dbt')(model, column_name) }}
{% endtest %}

{% macro default__test_unique(model, column_name) %}

select
    {{ column_name }} as unique_field,
    count(*) as n_records

from {{ model }}
where {{ column_name }} is not null
group by {{ column_name }}
having count(*) > 1

{% endmacro %}
