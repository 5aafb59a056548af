"""The steps of the job say what they found when they fail, as tests do."""

import pytest

pytest.register_assert_rewrite("tests.journeys.job")
