"""The causes of wrong training steps, each as variations of the textbook's step to be tried out."""
