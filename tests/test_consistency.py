import inspect
import pytest
from django.apps import apps
from tests import factories

FACT = [
    f
    for _, f in inspect.getmembers(factories, inspect.isclass)
    if issubclass(f, factories.RecordFactory) and f is not factories.RecordFactory
]


@pytest.mark.parametrize("f", FACT, ids=lambda f: f.__name__)
def test_each(db, f):
    f()


@pytest.mark.parametrize("f", FACT, ids=lambda f: f.__name__)
def test_each_c(committed_db, f):
    f()
