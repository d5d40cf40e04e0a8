namespace RlhfSharp.Training.Data;

/// <summary>A row whose columns have been understood; which kind of row it is decides what can be trained on it.</summary>
/// <param name="Id">A name that is unique in the data set: the column <c>id</c>, or else file and line.</param>
/// <param name="Source">Where it stands.</param>
public abstract record TextRow(string Id, RowSource Source);
