# ruff: noqa
# %% [markdown]
# # A toy
# %% setup
# %% given imports
from s2s_tutorial.coursework import Checks


# %% solution double
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% checks double
checks = Checks("0.1", points=1)


@checks("twice one")
def check():
    assert double(1) == 2


checks.report()
# %% hidden double
hidden = Checks("0.1, hidden", points=2)
### BEGIN HIDDEN TESTS


@hidden("twice VARIANT.number")
def check():
    number = VARIANT.number  # a secret message
    assert double(number) == 2 * number


### END HIDDEN TESTS
hidden.report()


# %% solution square
def square(x):
    """x times x."""
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION


# %% checks square
checks = Checks("0.2", points=4)


@checks("three times three")
def check():
    assert square(3) == 9


checks.report()
# %% hidden square
hidden = Checks("0.2, hidden", points=8)
### BEGIN HIDDEN TESTS


@hidden("the square of VARIANT.number")
def check():
    assert square(VARIANT.number) == VARIANT.number**2


### END HIDDEN TESTS
hidden.report()
# %% answer why points=5
# **Your answer to 0.3**
#
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION
