namespace CharRnn.Generators.Equations;

/// <summary>What a node of an equation is: a leaf that is read, or an operation on other nodes, element by element.</summary>
internal enum Operator
{
    /// <summary>The same number in every element, written in the source.</summary>
    Constant,

    /// <summary>The same number in every element, known when an update begins: a field of type double.</summary>
    Scalar,

    /// <summary>A field that is a vector: a bias of a cell, a slot of an optimiser.</summary>
    Vector,

    /// <summary>A state of the time step before.</summary>
    State,

    /// <summary>A matrix times the input.</summary>
    Input,

    /// <summary>A matrix times a vector made of states: the one operation that is not element by element.</summary>
    Product,

    /// <summary>The parameter that an optimiser changes.</summary>
    Parameter,

    /// <summary>The gradient that an optimiser is given.</summary>
    Gradient,

    /// <summary>The gradient of a state from the layer above.</summary>
    Above,

    /// <summary>The gradient of a state from the time step after.</summary>
    Later,

    /// <summary>The gradient of a product's operand, which the product hands back.</summary>
    OperandGradient,

    Add,
    Subtract,
    Multiply,
    Divide,
    Tanh,
    Sigmoid,
    SquareRoot,

    /// <summary>1 - y y: the derivative of tanh, of its result y.</summary>
    TanhSlope,

    /// <summary>y (1 - y): the derivative of the sigmoid, of its result y.</summary>
    SigmoidSlope,
}
