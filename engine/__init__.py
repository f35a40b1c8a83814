"""The engine: networks, their gradients and every moment of their training, in NumPy.

>>> from engine import Experiment, Timeline
>>> layers = [{"units": 1, "activation": "sigmoid"}]
>>> timeline = Timeline(Experiment.from_dict({"dataset": {"name": "xor"}, "layers": layers}))
>>> sorted(timeline.seek(2))
['W1', 'a0', 'b1', 'learning_rate', 'y', 'z1']
"""

from threadpoolctl import threadpool_limits

from engine.base.refusal import Refusal
from engine.experiment.experiment import Experiment
from engine.run.timeline import Timeline

__all__ = ["Experiment", "Refusal", "Timeline"]

# One thread: at these sizes a second one only makes products slower, and the bits never depend on how many there are.
threadpool_limits(1, user_api="blas")
