"""The engine: networks, their gradients and every moment of their training, in NumPy.

>>> from engine import Experiment, Timeline
>>> layers = [{"units": 1, "activation": "sigmoid"}]
>>> timeline = Timeline(Experiment.from_dict({"dataset": {"name": "xor"}, "layers": layers}))
>>> sorted(timeline.seek(2))
['W1', 'a0', 'b1', 'learning_rate', 'y', 'z1']

Importing the engine changes nothing in the process. A program that trains at full speed should begin with
``one_thread()`` of ``engine.base.threads``: at these sizes a second BLAS thread only makes matrix products slower.
"""

from engine.base.refusal import Refusal
from engine.experiment.experiment import Experiment
from engine.run.timeline import Timeline

__all__ = ["Experiment", "Refusal", "Timeline"]
